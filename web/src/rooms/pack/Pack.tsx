/** To be built. */
export default function Pack() {
  return <main />;
}
