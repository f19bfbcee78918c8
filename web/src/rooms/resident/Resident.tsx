/** To be built. */
export default function Resident() {
  return <main />;
}
