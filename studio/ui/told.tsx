/** A sentence as the server says it, with its moments on the reader's clock. */
import { Fragment } from "react";
import { momentsIn } from "./moments.ts";
import { Time } from "./time.tsx";

export function Told({ text }: { text: string }) {
  let place = 0;
  return momentsIn(text).map((part) => {
    place += 1;
    return typeof part === "string" ? (
      <Fragment key={place}>{part}</Fragment>
    ) : (
      <Time key={place} at={part.at} form="exact" />
    );
  });
}
