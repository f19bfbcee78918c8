/** What differs between two versions: which part of which row, what was and what is. */
import { useCode, useSaid } from "@/api/codes";
import { told } from "@/api/errors";
import { Empty, Notice, Skeleton } from "@/ui/ui";
import { named, useLanguage } from "@/words/words";
import { useChanges } from "./data";
import css from "./pack.module.css";
import { changeSays } from "./saying";
import { pack } from "./words";

type How = "added" | "removed" | "moved" | "changed";

export function Changes({ version, against }: { version: string; against?: string }) {
  const say = pack.use();
  const code = useCode();
  const { words } = useSaid();
  const language = useLanguage();
  const found = useChanges(version, against);
  if (found.isLoadingError) return <Notice tone="wrong">{told(found.error, words)}</Notice>;
  if (!found.data) return <Skeleton rows={3} says={say("loading")} />;
  if (found.data.items.length === 0) return <Empty>{say("noChanges")}</Empty>;
  return (
    /* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- wider than its place, so it is scrolled by keyboard too */
    <div className={css.scroll} tabIndex={0} role="group" aria-label={say("changes")}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{say("thing")}</th>
            <th scope="col">{say("key")}</th>
            <th scope="col">{say("how")}</th>
            <th scope="col">{say("oldWay")}</th>
            <th scope="col">{say("newWay")}</th>
          </tr>
        </thead>
        <tbody>
          {found.data.items.map((each) => {
            const said = changeSays(each, code);
            return (
              <tr key={`${each.thing}/${each.key}/${each.part}/${each.how}`}>
                <td>{code(`pack.thing.${each.thing}`)}</td>
                <th scope="row">
                  {named(each.name, language)} {each.key}
                </th>
                <td>
                  {say(each.how as How)} {said.part}
                </td>
                <td className={css.was}>{said.was}</td>
                <td className={css.now}>{each.how === "removed" ? say("gone") : said.now}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
