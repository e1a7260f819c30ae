import { useTranslation } from "react-i18next";

/** What figures are put in words with. */
export function useFormat() {
  const { t, i18n } = useTranslation();
  return {
    language: i18n.language,
    often: (unit: "day" | "week", number: string) => t(`insight.often.${unit}`, { number }),
  };
}
