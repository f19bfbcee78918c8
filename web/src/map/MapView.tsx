/** A map: the place where it will be, and then the map itself, which is fetched when it is first shown. */
import { Component, lazy, type ReactNode, Suspense } from "react";
import css from "./map.module.css";
import type { MapViewProps } from "./types";
import { mapWords } from "./words";

const Canvas = lazy(() => import("./Canvas"));

export function MapView(props: MapViewProps) {
  const say = mapWords.use();
  return (
    <div className={`${css.place} ${props.className ?? ""}`}>
      <Fallback says={say("failed")}>
        <Suspense fallback={<p className={css.note} role="status" aria-busy="true">{say("waiting")}</p>}>
          <Canvas {...props} />
        </Suspense>
      </Fallback>
    </div>
  );
}

/** A browser without WebGL, or a chunk that did not come: the page goes on without its map. */
class Fallback extends Component<{ says: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? <p className={css.note} role="status">{this.props.says}</p> : this.props.children;
  }
}
