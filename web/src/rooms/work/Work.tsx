/** To be built. */
export default function Work() {
  return <main />;
}
