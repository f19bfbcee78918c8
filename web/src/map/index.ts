/** Maps, for every room. The map library comes with the first map that is shown, and no page pays for it before. */
export { MapView } from "./MapView";
export { Legend } from "./Legend";
export type { CaseFilter, MapViewProps, Mark, Place, SeenCase, Shape, View } from "./types";
