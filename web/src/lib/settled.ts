/** What is typed, once the fingers rest. */
import { useEffect, useState } from "react";

const PAUSE_MS = 400;

/** The value once it has stood still for a while. Units: ms */
export function useSettled<T>(value: T, still_ms = PAUSE_MS): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), still_ms);
    return () => clearTimeout(timer);
  }, [value, still_ms]);
  return settled;
}
