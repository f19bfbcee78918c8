/** To be built. */
export default function Console() {
  return <main />;
}
