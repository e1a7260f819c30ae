import { Fragment } from "react";

/** A path, a pattern or an address: where it is too long for its place, it goes on behind a slash or a comma. */
export function Breakable({ text }: { text: string }) {
  const [first = "", ...others] = text.split(/(?<=[/,])(?![/,])/u);
  const parts = others.map((part, index) => ({ part, place: `${index}${part}` }));
  return (
    <>
      {first}
      {parts.map(({ part, place }) => (
        <Fragment key={place}>
          <wbr />
          {part}
        </Fragment>
      ))}
    </>
  );
}
