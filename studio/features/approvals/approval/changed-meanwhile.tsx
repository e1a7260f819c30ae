/** Something that a vote binds is another than the person saw: said at once, and nothing is signed before it was looked at. */
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { useNameOfDigest } from "./digest-list.tsx";
import type { Seen } from "./use-seen.ts";

export function ChangedMeanwhile({ seen: { changed, acknowledge } }: { seen: Seen }) {
  const { t, i18n } = useTranslation();
  const nameOf = useNameOfDigest();
  if (changed.length === 0) return null;
  const names = new Intl.ListFormat(i18n.language).format(changed.map(nameOf));
  return (
    <Notice tone="bad" title={t("approvals.changed.title", { names })} live>
      <p>{t("approvals.changed.text")}</p>
      <Button size="small" onPress={acknowledge}>
        {t("approvals.changed.acknowledge")}
      </Button>
    </Notice>
  );
}
