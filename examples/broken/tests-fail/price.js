/** The price of some nights, in whole euros. The mistake is here: it forgets the first night. */
export function priceOf(nights) {
  return (nights - 1) * 80;
}
