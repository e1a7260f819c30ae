import { useTranslation } from "react-i18next";
import { PageHead } from "../../ui/panel.tsx";

export function Inbox() {
  const { t } = useTranslation();
  return <PageHead title={t("approvals.title")} />;
}
