/** To be built. */
export default function People() {
  return <main />;
}
