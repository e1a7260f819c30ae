import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Notice } from "../../../ui/notice.tsx";
import { Facts } from "../../../ui/panel.tsx";

export function CheckAnswer({ answer }: { answer: components["schemas"]["AuditCheck"] }) {
  const { t } = useTranslation();
  const { finding, deliveries, events, artifacts, journalEntries, checkpoints, uncovered } = answer;
  return (
    <>
      <Notice
        tone={finding === undefined ? "good" : "bad"}
        title={t(finding === undefined ? "audit.checked.good" : "audit.checked.bad")}
        live
      >
        {finding !== undefined && (
          <p>
            {finding.where} {finding.problem}
          </p>
        )}
      </Notice>
      <Facts
        of={[
          [t("audit.checked.deliveries"), deliveries],
          [t("audit.checked.events"), events],
          [t("audit.checked.artifacts"), artifacts],
          [t("audit.checked.entries"), journalEntries],
          [t("audit.checked.checkpoints"), checkpoints],
          [t("audit.checked.uncovered"), uncovered],
        ]}
      />
    </>
  );
}
