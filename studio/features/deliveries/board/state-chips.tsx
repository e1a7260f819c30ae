/** How many deliveries are in which state; a press narrows the list to it. */
import { getRouteApi } from "@tanstack/react-router";
import { ToggleButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../ui/icon.tsx";
import { toneOf } from "../../../ui/shown-state.tsx";
import styles from "./board.module.css";
import type { useBoard } from "./use-board.ts";

const route = getRouteApi("/deliveries");

export function StateChips({ states }: { states: ReturnType<typeof useBoard>["states"] }) {
  const { t, i18n } = useTranslation();
  const numbers = new Intl.NumberFormat(i18n.language);
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = new Set(state?.split(",") ?? []);
  if (states.length === 0) return null;
  const toggle = (word: string) => {
    const next = new Set(chosen);
    if (!next.delete(word)) next.add(word);
    const state = next.size === 0 ? undefined : [...next].join(",");
    void navigate({ search: (before) => ({ ...before, state }), replace: true });
  };
  return (
    <fieldset className={styles.chips}>
      <legend className="hidden-visually">{t("deliveries.states")}</legend>
      {states.map(({ word, icon, tone, label, count }) => (
        <ToggleButton
          key={word}
          className={styles.chip ?? ""}
          data-tone={toneOf[tone]}
          isSelected={chosen.has(word)}
          onChange={() => toggle(word)}
        >
          <Icon name={icon} />
          {label} <span>{numbers.format(count)}</span>
        </ToggleButton>
      ))}
    </fieldset>
  );
}
