/** The chain as it is stored: each event names the hash of the one before it. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { Button } from "../../../ui/button.tsx";
import { Copyable } from "../../../ui/copyable.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { Time } from "../../../ui/time.tsx";
import styles from "./verify.module.css";

const pageSize = 50;

export function Chain({ subject }: { subject: components["schemas"]["Subject"] }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(pageSize);
  const { data, error } = query.useQuery("get", "/deliveries/{tenantId}/{traceId}/{moduleId}/events", {
    params: { path: subject, query: { limit: shown + 1 } },
  });
  // The same address follows the chain live where that is asked for; this is its JSON.
  const all = Array.isArray(data) ? data : [];
  const events = all.slice(0, shown);
  return (
    <Panel title={t("audit.verify.chain")}>
      <p className={styles.muted}>{t("audit.verify.chainIntro")}</p>
      <Refused error={error} />
      <ol className={styles.chain}>
        {events.map(({ sequence, type, time, hash, prevhash, source }) => (
          <li key={sequence}>
            <span className={styles.number}>{sequence}</span>
            <span className={styles.event}>
              <strong>{type.split(".").at(-1)}</strong>
              <span className={styles.muted}>
                {source} · <Time at={time} form="second" />
              </span>
            </span>
            <span className={styles.hashes}>
              <span>
                {t("audit.verify.hash")}{" "}
                <Copyable value={hash} name={t("audit.verify.hashOf", { sequence })} />
              </span>
              <span className={styles.muted}>
                {t("audit.verify.previous")} <code title={prevhash}>{prevhash.slice(0, 12)}…</code>
              </span>
            </span>
          </li>
        ))}
      </ol>
      {all.length > shown && (
        <Button onPress={() => setShown(shown + 10 * pageSize)}>{t("audit.more")}</Button>
      )}
    </Panel>
  );
}
