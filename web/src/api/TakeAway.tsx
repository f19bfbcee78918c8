/** A link to a file that may need a proof first, that it is still you. */
import type { MouseEvent, ReactNode } from "react";
import { takeAway } from "./client";

export function TakeAway({ href, className, children }: { href: string; className?: string; children: ReactNode }) {
  function take(event: MouseEvent) {
    event.preventDefault();
    void takeAway(href).catch(() => location.assign(href)); // then the server says itself what is wrong
  }
  return (
    <a href={href} className={className} download onClick={take}>
      {children}
    </a>
  );
}
