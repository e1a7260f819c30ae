/** What the act has done and what happens next: seen, read out, and where the focus goes on, as its button may be gone. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Notice } from "../../../ui/notice.tsx";
import { Told } from "../../../ui/told.tsx";
import styles from "./approval.module.css";

export function Outcome({ note, count }: { note: string; count: number }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), [count]);
  return (
    <div ref={place} tabIndex={-1} className={styles.outcome}>
      <Notice tone="good" title={t("approvals.outcome")} live>
        <p>
          <Told text={note} />
        </p>
      </Notice>
    </div>
  );
}
