export function Artifacts() {
  return null;
}
