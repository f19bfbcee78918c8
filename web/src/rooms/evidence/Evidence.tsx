/** To be built. */
export default function Evidence({ caseId }: { caseId: string }) {
  return <main>{caseId}</main>;
}
