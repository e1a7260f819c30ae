export function Delivery() {
  return null;
}
