/** A second factor: a picture to scan, a code that confirms it, ten codes for paper. */
import { type FormEvent, useState } from "react";
import { send } from "./client";
import { useSaid } from "./codes";
import { told } from "./errors";
import type { components } from "./schema";
import { Button, Field, Notice } from "@/ui/ui";
import { words as room } from "@/words/words";
import css from "./second.module.css";

const second = room("second", {
  secondSay: ["用手机上的身份验证器（支持 TOTP 的任一应用）扫码，登录时除密码外再输入六位动态码。", "Scan a picture with any authenticator (TOTP) on your phone. From then on signing in asks for its six digits too."],
  secondBegin: ["开始设置", "Begin"],
  scan: ["1. 用身份验证器扫描", "1. Scan this with your authenticator"],
  scanAlt: ["身份验证器二维码", "QR code for an authenticator"],
  byHand: ["无法扫码？手动输入密钥", "Cannot scan? Type the secret"],
  sixDigits: ["2. 输入显示的六位码", "2. Type the six digits that it shows"],
  confirm: ["确认启用", "Confirm"],
  paper: ["备用码", "Codes on paper"],
  paperSay: ["手机不在身边时，每个码可用一次。只显示这一次，请抄下或打印，放在安全处。", "For the day the phone is gone; each is good once. They are shown this once: write them down, keep them safe."],
  paperDone: ["已保存", "I have kept them"],
  copy: ["复制", "Copy"],
});

type Begun = components["schemas"]["SecondBegun"];
type Paper = components["schemas"]["RecoveryShown"];

/** Setting one, step by step. */
export function SetSecond({ onDone }: { onDone: () => void }) {
  const say = second.use();
  const { words } = useSaid();
  const [begun, setBegun] = useState<Begun | null>(null);
  const [paper, setPaper] = useState<string[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);

  async function begin() {
    try {
      setBegun(await send<Begun>("POST", "/v1/me/second-factor"));
      setWrong(null);
    } catch (error) {
      setWrong(told(error, words));
    }
  }
  async function confirm(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = new FormData(event.currentTarget).get("code");
    try {
      setPaper((await send<Paper>("POST", "/v1/me/second-factor/confirmation", { code })).recovery);
    } catch (error) {
      setWrong(told(error, words));
    }
  }

  if (paper) return <OnPaper codes={paper} onDone={onDone} />;
  if (!begun)
    return (
      <div className={css.steps}>
        <p>{say("secondSay")}</p>
        {wrong && <Notice tone="wrong">{wrong}</Notice>}
        <Button tone="loud" onClick={() => void begin()}>
          {say("secondBegin")}
        </Button>
      </div>
    );
  return (
    <form className={css.steps} onSubmit={confirm}>
      <p>{say("scan")}</p>
      <img className={css.picture} alt={say("scanAlt")} src={`data:image/svg+xml;utf8,${encodeURIComponent(begun.picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))}`} />
      <details>
        <summary>{say("byHand")}</summary>
        <code className={css.secret}>{begun.secret.replace(/(.{4})/g, "$1 ").trim()}</code>
      </details>
      <Field label={say("sixDigits")} name="code" inputMode="numeric" autoComplete="one-time-code" required />
      {wrong && <Notice tone="wrong">{wrong}</Notice>}
      <Button type="submit" tone="loud">
        {say("confirm")}
      </Button>
    </form>
  );
}

/** The codes for paper, shown this once. */
export function OnPaper({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const say = second.use();
  return (
    <div className={css.steps}>
      <h2>{say("paper")}</h2>
      <p>{say("paperSay")}</p>
      <ul className={css.paper}>
        {codes.map((each) => (
          <li key={each}>
            <code>{each}</code>
          </li>
        ))}
      </ul>
      <div className={css.two}>
        <Button tone="loud" onClick={onDone}>
          {say("paperDone")}
        </Button>
        <Button onClick={() => void navigator.clipboard?.writeText(codes.join("\n"))}>{say("copy")}</Button>
      </div>
    </div>
  );
}
