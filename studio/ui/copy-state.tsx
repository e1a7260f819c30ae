/** How copying went: seen where it was refused, heard always. */
import styles from "./copyable.module.css";
import { Icon } from "./icon.tsx";
import type { Copied } from "./use-copied.ts";

export function CopyState({ state, said }: Pick<Copied, "state" | "said">) {
  return (
    <span className={state === "denied" ? styles.denied : "hidden-visually"} role="status">
      {said}
    </span>
  );
}

export function CopyIcon({ state }: Pick<Copied, "state">) {
  return <Icon name={state === "copied" ? "check" : "copy"} />;
}
