/** One artifact: who wrote it, its text or what changed in it, and the way to take it along. */
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { query } from "../../../../app/api/api.ts";
import { Failed } from "../../../../app/layout/failed.tsx";
import { DiffView } from "../../../../ui/code/diff-view.tsx";
import { DownloadText } from "../../../../ui/code/download-text.tsx";
import { SourceText } from "../../../../ui/code/source-text.tsx";
import { Copyable } from "../../../../ui/copyable.tsx";
import { Select } from "../../../../ui/field.tsx";
import { Facts } from "../../../../ui/panel.tsx";
import { Time } from "../../../../ui/time.tsx";
import type { Artifact } from "../shapes.ts";
import type { ArtifactSearch } from "./artifact-search.ts";
import styles from "./artifacts.module.css";

const route = getRouteApi("/deliveries/$traceId/$moduleId/artifacts");
const nothing = "none";

interface ArtifactContentProps {
  path: string;
  /** Its newest version; absent where the list has none of this path. */
  artifact: Artifact | undefined;
  version: number | undefined;
  against: number | undefined;
}

export function ArtifactContent({ path, artifact, version, against }: ArtifactContentProps) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const set = (change: Partial<ArtifactSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  const { data, error } = useContent(path, version);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const newest = artifact?.version ?? data?.version ?? 1;
  const versions = Array.from({ length: newest }, (_, place) => newest - place);
  if (error !== null) return <Failed error={error} />;
  return (
    <article className={styles.content}>
      <header className={styles.head}>
        <h2>{artifact?.name ?? name}</h2>
        {newest > 1 && (
          <>
            <Select
              label={t("deliveries.artifacts.version")}
              value={String(version ?? newest)}
              onChange={(value) => set({ version: Number(value) })}
              options={versions.map((one) => ({ id: String(one), text: `v${one}` }))}
            />
            <Select
              label={t("deliveries.artifacts.against")}
              value={against === undefined ? nothing : String(against)}
              onChange={(value) => set({ against: value === nothing ? undefined : Number(value) })}
              options={[
                { id: nothing, text: t("deliveries.artifacts.alone") },
                ...versions
                  .filter((one) => one !== (version ?? newest))
                  .map((one) => ({ id: String(one), text: `v${one}` })),
              ]}
            />
          </>
        )}
        {data !== undefined && <DownloadText text={data.content} name={name} />}
      </header>
      {artifact !== undefined && data !== undefined && (
        <Facts
          of={[
            [t("deliveries.artifacts.writer"), `${artifact.writer.agentId} ${artifact.writer.skillId}`],
            [t("deliveries.artifacts.written"), <Time key="written" at={artifact.writtenAt} />],
            ["SHA-256", <Copyable key="digest" value={data.sha256} name="SHA-256" />],
          ]}
        />
      )}
      {data === undefined ? (
        <p role="status">{t("app.loading")}</p>
      ) : against === undefined ? (
        <SourceText text={data.content} name={name} />
      ) : (
        <Compared path={path} name={name} after={data.content} against={against} />
      )}
    </article>
  );
}

interface ComparedProps {
  path: string;
  name: string;
  after: string;
  against: number;
}

function Compared({ path, name, after, against }: ComparedProps) {
  const { t } = useTranslation();
  const { data, error } = useContent(path, against);
  if (error !== null) return <Failed error={error} />;
  if (data === undefined) return <p role="status">{t("app.loading")}</p>;
  return <DiffView name={name} before={data.content} after={after} />;
}

function useContent(path: string, version: number | undefined) {
  const asked = version === undefined ? { path } : { path, version };
  return query.useQuery("get", "/memory/content", { params: { query: asked } });
}
