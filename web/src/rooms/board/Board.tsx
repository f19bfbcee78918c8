/** To be built. */
export default function Board() {
  return <main />;
}
