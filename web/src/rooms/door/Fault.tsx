/** When a page of ours breaks: it says so, and leads back. */
import { Component, type ReactNode } from "react";
import { Button, Empty } from "@/ui/ui";
import { door } from "./words";

export class Fault extends Component<{ children: ReactNode }, { broke: boolean }> {
  override state = { broke: false };

  static getDerivedStateFromError() {
    return { broke: true };
  }

  override render() {
    if (!this.state.broke) return this.props.children;
    return (
      <main>
        <Empty>
          <h1>{door.say("fault")}</h1>
          <p>{door.say("faultDo")}</p>
          <Button tone="loud" onClick={() => location.reload()}>
            {door.say("reload")}
          </Button>
        </Empty>
      </main>
    );
  }
}
