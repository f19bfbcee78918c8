/** One fact: what it says, whether it holds, and its very bytes for whoever wants to see them. */
import { useState } from "react";
import { useCode } from "@/api/codes";
import { moment } from "@/lib/dates";
import { Button } from "@/ui/ui";
import type { FactProof, Step } from "./checking";
import { Mark } from "./Log";
import { hexOf, leafOf, saidBy, textOf } from "./prove";
import css from "./evidence.module.css";
import { evidence as room } from "./words";

interface Props {
  fact: FactProof;
  step: Step | undefined;
  isTouched: boolean;
  onTouch: () => void;
}

export function Fact({ fact, step, isTouched, onTouch }: Props) {
  const say = room.use();
  const code = useCode();
  const [leaf, setLeaf] = useState("");
  const said = saidBy(fact);
  const name = said ? code(`fact.${said.type}`) : fact.id;
  return (
    <li className={css.fact} data-holds={!step ? "waits" : step.why ? "no" : "yes"}>
      <p className={css.line}>
        <Mark step={step} />
        <b>{name}</b>
        {said && <time dateTime={said.fact.at}>{moment(said.fact.at)}</time>}
        {said && <span className={css.quiet}>{who(said.actor, say)}</span>}
      </p>
      <p className={css.id}>{fact.id}</p>
      {isTouched && <p className={css.touched}>{say("touched")}</p>}
      <details onToggle={(event) => event.currentTarget.open && void leafOf(fact).then((raw) => setLeaf(hexOf(raw)))}>
        <summary>{say("details")}</summary>
        <dl className={css.proof}>
          <dt>{say("place")}</dt>
          <dd>{fact.index}</dd>
          <dt>{say("leaf")}</dt>
          <dd>
            <code>{leaf}</code>
          </dd>
          <dt>{say("salt")}</dt>
          <dd>
            <code>{fact.salt}</code>
          </dd>
          <dt>{say("path")}</dt>
          <dd>
            {fact.path.map((each, at) => (
              <code key={at}>{each}</code>
            ))}
          </dd>
          <dt>{say("body")}</dt>
          <dd>
            <pre>{said ? JSON.stringify(said, null, 2) : textOf(fact)}</pre>
          </dd>
        </dl>
        <Button tone={isTouched ? "plain" : "danger"} onClick={onTouch}>
          {isTouched ? say("untouch") : say("touch")}
        </Button>
      </details>
    </li>
  );
}

function who(actor: string, say: ReturnType<typeof room.use>): string {
  if (actor.startsWith("account:")) return say("person", { id: actor.slice(8, 16) });
  return actor === "anonymous" ? say("nobody") : say("machine");
}
