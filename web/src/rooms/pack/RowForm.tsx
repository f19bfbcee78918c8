/** One row, changed in a draft: each column with what it may hold; the checks say at once what is wrong. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Button, Field, Notice, Select, TextArea } from "@/ui/ui";
import { type Draft, dutiesOf, type Row, setDuties, setRow, type Table, useSend, withRow } from "./data";
import css from "./pack.module.css";
import { Problems } from "./Problems";
import { columnSays } from "./saying";
import { pack } from "./words";

interface Shown {
  row: Row;
  table: Table;
  draft: Draft;
  onClose: () => void;
}

const LONG = 28;

export function RowForm({ row, table, draft, onClose }: Shown) {
  const say = pack.use();
  const { words } = useSaid();
  const dialog = useRef<HTMLDialogElement>(null);
  const [cells, setCells] = useState<Record<string, string>>(row.cells);
  const duty = table.table === "duties";
  const keep = useSend(async () => (duty ? setDuties(draft, withRow(await dutiesOf(draft.id), row.key, cells)) : setRow(draft, table.table, filledIn(cells))));
  useEffect(() => {
    const at = dialog.current;
    if (at && !at.open) at.showModal();
  }, []);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const kept = await keep.mutateAsync(undefined).catch(() => null);
    if (kept?.sound) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} className={css.dialog} aria-labelledby="row" onClose={onClose}>
      <form className={css.form} onSubmit={(event) => void save(event)}>
        <h2 id="row">{say("editRow", { key: row.key })}</h2>
        <p className={css.quiet}>
          {say("byLayer", { layer: row.layer })}
          {duty && ` · ${say("expression")}`}
        </p>
        <div className={css.fields}>
          {table.columns
            .filter((each) => !table.key.includes(each.name))
            .map((each) => (
              <Cell key={each.name} column={each} value={cells[each.name] ?? ""} onChange={(value) => setCells({ ...cells, [each.name]: value })} />
            ))}
        </div>
        {keep.isError && <Notice tone="wrong">{told(keep.error, words)}</Notice>}
        {keep.data && !keep.data.sound && <Problems problems={keep.data.problems} />}
        <div className={css.row}>
          <Button tone="loud" type="submit" disabled={keep.isPending}>
            {say("save")}
          </Button>
          <Button onClick={() => dialog.current?.close()}>{say("close")}</Button>
        </div>
      </form>
    </dialog>
  );
}

/** The cells that hold something; the key is among them. */
function filledIn(cells: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, value.trim()]));
}

function Cell({ column, value, onChange }: { column: Table["columns"][number]; value: string; onChange: (value: string) => void }) {
  const code = useCode();
  const label = columnSays(column.name) + (column.needed ? " *" : "");
  const limit = column.name.endsWith("_unit");
  const worded = (each: string) => (limit ? code(`limit.${each}`) : each);
  if (column.takes === "flag") return <Select label={label} value={value} empty="–" choices={[["true", "✓"], ["false", "✗"]]} onChange={(event) => onChange(event.target.value)} />;
  if (column.choices?.length) return <Select label={label} value={value} empty="–" choices={column.choices.map((each) => [each, worded(each)])} onChange={(event) => onChange(event.target.value)} />;
  if (value.length > LONG) return <TextArea label={label} value={value} onChange={(event) => onChange(event.target.value)} />;
  return <Field label={label} value={value} onChange={(event) => onChange(event.target.value)} />;
}
