/** A sentence that must be seen: what happened, and what helps. Announced where it appears after an action. */
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import styles from "./notice.module.css";
import type { Tone } from "./state-badge.tsx";

interface NoticeProps {
  tone: Tone;
  title: ReactNode;
  children?: ReactNode;
  /** Said by screen readers at once. */
  live?: boolean;
}

export function Notice({ tone, title, children, live = false }: NoticeProps) {
  return (
    <div
      className={styles.notice}
      data-tone={tone}
      {...(live && { role: tone === "bad" ? "alert" : "status" })}
    >
      <Icon
        name={
          tone === "bad"
            ? "circle-alert"
            : tone === "warn"
              ? "triangle-alert"
              : tone === "good"
                ? "circle-check"
                : "circle-dot"
        }
        size={18}
      />
      <div>
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}
