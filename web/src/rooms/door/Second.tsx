/** For whoever must have a second factor before their posts count. */
import { useQueryClient } from "@tanstack/react-query";
import { SetSecond } from "@/api/SetSecond";
import { ME, useSession } from "@/api/session";
import { Button } from "@/ui/ui";
import css from "./door.module.css";
import { door } from "./words";

export function SecondPage() {
  const say = door.use();
  const client = useQueryClient();
  const { leave } = useSession();
  return (
    <main className={css.page}>
      <section className={css.box}>
        <h1>{say("second")}</h1>
        <p>{say("secondOwed")}</p>
        <SetSecond onDone={() => void client.invalidateQueries({ queryKey: ME })} />
        <Button onClick={() => void leave()}>{say("leave")}</Button>
      </section>
    </main>
  );
}
