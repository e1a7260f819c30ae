import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { StateBadge, type Tone } from "../../../ui/state-badge.tsx";

type State = components["schemas"]["NotificationRow"]["state"];

const looks: Record<State, { tone: Tone; icon?: string }> = {
  waiting: { tone: "warn" },
  sent: { tone: "good" },
  dead: { tone: "bad" },
  skipped: { tone: "neutral", icon: "circle-slash" },
};

/** Whether a message was told. */
export function ToldState({ state }: { state: State }) {
  const { t } = useTranslation();
  return <StateBadge word={t(`administration.notifications.is.${state}`)} {...looks[state]} />;
}
