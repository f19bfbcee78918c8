/** The month that is looked at; it stands in the address. */
import { useAsked } from "@/lib/address";
import { Field } from "@/ui/ui";
import { fair as room } from "./words";

export function Month({ month }: { month: string }) {
  const say = room.use();
  const [, ask] = useAsked();
  return <Field label={say("month")} type="month" value={month} onChange={(event) => event.target.value && ask({ month: event.target.value })} />;
}
