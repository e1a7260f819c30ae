import { useTranslation } from "react-i18next";
import { Empty } from "../../ui/panel.tsx";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty icon="search" title={t("app.notFound")}>
      <p>{t("app.notFoundText")}</p>
      <a href="/deliveries">{t("app.toDeliveries")}</a>
    </Empty>
  );
}
