/** The hotline seat: who calls and what they reported before, at once; then the answer, or the report; and whom to call back. */
import { useState } from "react";
import { useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { may, useMe } from "@/api/session";
import { useAsked } from "@/lib/address";
import { Button, Field } from "@/ui/ui";
import { useCallbacks, useCaller } from "./api";
import { Answers } from "./Answers";
import { Callbacks } from "./Callbacks";
import { History } from "./History";
import { Orders } from "./Orders";
import { Report } from "./Report";
import css from "./seat.module.css";
import { seat as room } from "./words";

type Deed = "answer" | "report" | "orders" | "calls";

export default function Seat() {
  const say = room.use();
  const { words } = useSaid();
  const { me } = useMe();
  const [phone, setPhone] = useState("");
  const [call, setCall] = useState(0); // each caller begins with clean forms
  const [asked, ask] = useAsked();
  const [deed, setDeed] = useState<Deed>(asked.order ? "orders" : "answer");
  const [calling, setCalling] = useState<string | null>(null);
  const caller = useCaller();
  const due = useCallbacks().data;
  const many = due && due.items.length > 0 ? ` ${due.items.length}${due.next ? "+" : ""}` : "";
  const next = () => {
    setPhone("");
    setCall(call + 1);
    caller.reset();
  };
  return (
    <main className={css.page}>
      <section aria-label={say("history")}>
        <h1>{say("title")}</h1>
        <form
          className={css.number}
          onSubmit={(event) => {
            event.preventDefault();
            caller.mutate(phone);
          }}
        >
          <Field label={say("number")} hint={say("numberHint")} type="tel" inputMode="tel" autoComplete="off" required value={phone} onChange={(event) => setPhone(event.target.value)} wrong={caller.error ? told(caller.error, words) : null} />
          <div className={css.row}>
            <Button type="submit" tone="loud" disabled={caller.isPending}>
              {say("look")}
            </Button>
            <Button onClick={next}>{say("fresh")}</Button>
          </div>
        </form>
        {caller.data && <History caller={caller.data} />}
      </section>
      <section className={css.right} aria-label={say("deeds")}>
        <div className={css.tabs} role="group" aria-label={say("deeds")}>
          <Tab is={deed === "answer"} onPick={() => setDeed("answer")} words={say("answer")} />
          <Tab is={deed === "report"} onPick={() => setDeed("report")} words={say("report")} />
          <Tab is={deed === "orders"} onPick={() => (deed === "orders" ? ask({ order: undefined }) : setDeed("orders"))} words={say("orders")} />
          {may(me, "case.call_back") && <Tab is={deed === "calls"} onPick={() => {
                setCalling(null);
                setDeed("calls");
              }} words={`${say("calls")}${many}`} />}
        </div>
        <div hidden={deed !== "answer"}>
          <Answers key={call} phone={phone} onReport={() => setDeed("report")} />
        </div>
        <div hidden={deed !== "report"}>
          <Report key={call} phone={phone} />
        </div>
        {deed === "orders" && (
          <Orders
            onCall={(callback) => {
              setCalling(callback);
              setDeed("calls");
            }}
          />
        )}
        {deed === "calls" && <Callbacks key={calling} first={calling} />}
      </section>
    </main>
  );
}

function Tab({ is, onPick, words }: { is: boolean; onPick: () => void; words: string }) {
  return (
    <button type="button" aria-pressed={is} onClick={onPick}>
      {words}
    </button>
  );
}

