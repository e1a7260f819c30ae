/** What a vote binds, each by its digest. */
import { useTranslation } from "react-i18next";
import { Copyable } from "../../../ui/copyable.tsx";
import { Facts, Panel } from "../../../ui/panel.tsx";
import styles from "./approval.module.css";
import type { Digests } from "./use-approval.ts";

export function DigestList({ digests }: { digests: Digests | null }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("approvals.digests.title")}>
      {digests === null ? (
        <p>{t("approvals.digests.none")}</p>
      ) : (
        <>
          <p className={styles.intro}>{t("approvals.digests.text")}</p>
          <DigestFacts digests={digests} />
        </>
      )}
    </Panel>
  );
}

export function DigestFacts({ digests }: { digests: Digests }) {
  const nameOf = useNameOfDigest();
  const entries = Object.entries(digests) as [string, string][];
  return (
    <Facts
      of={entries.map(
        ([key, value]) => [nameOf(key), <Copyable key={key} value={value} name={nameOf(key)} />] as const,
      )}
    />
  );
}

const named = [
  "commit",
  "tree",
  "artifact",
  "image",
  "rolloutPlan",
  "infrastructurePlan",
  "configuration",
  "secretVersions",
  "policy",
] as const;

export function useNameOfDigest(): (key: string) => string {
  const { t } = useTranslation();
  return (key) => {
    const known = named.find((name) => name === key);
    return known === undefined ? key : t(`approvals.digests.of.${known}`);
  };
}
