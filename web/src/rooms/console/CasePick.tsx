/** A case as a field of a form: looked for by number, class, place or words, then chosen. */
import { useDeferredValue, useState } from "react";
import { Field, Select } from "@/ui/ui";
import { useFound } from "./api";
import { room } from "./words";

interface Props {
  label: string;
  wrong: string | null;
  name: string;
  value: string;
  required: boolean;
  onType: (value: string) => void;
}

/** What was proposed stands among the choices before anything is typed. */
export function CasePick({ label, wrong, name, value, required, onType }: Props) {
  const say = room.use();
  const [words, setWords] = useState("");
  const found = useFound(useDeferredValue(words));
  const items = words.trim().length > 1 ? (found.data?.items ?? []) : [];
  const choices = items.map((line) => [line.case.id, `${line.title} ${line.case.number ?? ""} ${line.place} ${line.state}`] as const);
  const known = value === "" || choices.some(([id]) => id === value);
  return (
    <>
      <Field label={say("findCase")} hint={say("searchHint")} value={words} onChange={(event) => setWords(event.target.value)} />
      <Select label={label} wrong={wrong} name={name} value={value} required={required} empty={say("chooseOne")} choices={known ? choices : [[value, say("near")] as const, ...choices]} onChange={(event) => onType(event.target.value)} />
    </>
  );
}
