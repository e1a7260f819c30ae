import { useTranslation } from "react-i18next";
import { useSession } from "../../../app/session/session-gate.tsx";
import { Button } from "../../../ui/button.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";
import type { SessionLine } from "./access.ts";

interface SessionTableProps {
  sessions: SessionLine[];
  onEnd: (session: SessionLine) => void;
}

export function SessionTable({ sessions, onEnd }: SessionTableProps) {
  const { t } = useTranslation();
  const { id: own } = useSession() as { id?: string };
  const columns: Column<SessionLine>[] = [
    {
      title: t("administration.tokens.browser"),
      heads: true,
      cell: ({ id, agent }) => (
        <>
          {browserOf(agent)} {id === own && <em>({t("administration.tokens.thisOne")})</em>}
          <br />
          <code className={parts.muted}>{id}</code>
        </>
      ),
    },
    { title: t("administration.tokens.of"), cell: ({ person }) => person },
    {
      title: t("administration.tokens.signedIn"),
      cell: (session) => (
        <>
          <Time at={session.beganAt} /> {t(`administration.tokens.with.${session.with}`)}
        </>
      ),
    },
    { title: t("administration.tokens.used"), cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
    { title: t("administration.tokens.endsAt"), cell: ({ endsAt }) => <Time at={endsAt} /> },
    {
      title: t("administration.acts"),
      acts: true,
      cell: (session) => (
        <Button
          size="small"
          label={t("administration.tokens.endNamed", { id: session.id })}
          onPress={() => onEnd(session)}
        >
          {t("administration.tokens.end")}
        </Button>
      ),
    },
  ];
  return (
    <Table
      label={t("administration.tokens.sessions")}
      columns={columns}
      rows={sessions}
      keyOf={({ id }) => id}
    />
  );
}

/** `Chrome 130 on Linux` out of what browsers say; what is not known is shown as it is. */
function browserOf(agent: string): string {
  const product = /(Firefox|Edg|OPR|Chrome|HeadlessChrome|Version)\/(\d+)/.exec(agent);
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent)?.[1];
  if (product === null) return agent.slice(0, 60) || "–";
  const names: Record<string, string> = {
    Edg: "Edge",
    OPR: "Opera",
    HeadlessChrome: "Chrome",
    Version: "Safari",
  };
  const name = `${names[product[1] ?? ""] ?? product[1]} ${product[2]}`;
  return system === undefined ? name : `${name} · ${system}`;
}
