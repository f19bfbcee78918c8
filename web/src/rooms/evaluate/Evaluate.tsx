/** To be built. */
export default function Evaluate() {
  return <main />;
}
