/** Which environment of the path a tab looks at; it stands in the address. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Select } from "../../../ui/field.tsx";
import { useCard, useStatus } from "./use-delivery.ts";

/** The chosen one, else the one that it came to last. */
export function usePlace() {
  const { environment } = useSearch({ strict: false });
  const { data } = useStatus();
  const card = useCard();
  const path = data?.environments ?? [];
  const reached = path.filter((one) => card?.places.some((place) => place.environment === one));
  const chosen = path.find((one) => one === environment) ?? reached.at(-1) ?? path[0];
  return { environment: chosen, place: card?.places.find((one) => one.environment === chosen), path };
}

export function PlaceChoice() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { environment, path } = usePlace();
  if (path.length < 2 || environment === undefined) return null;
  return (
    <Select
      label={t("deliveries.environment")}
      value={environment}
      onChange={(chosen) =>
        void navigate({ to: ".", search: { environment: chosen }, replace: true, resetScroll: false })
      }
      options={path.map((id) => ({ id, text: id }))}
    />
  );
}
