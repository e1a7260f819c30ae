/** By a one-time link, by the organisation's provider, or by an access token. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, buttonClass } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { type Problem, problemOf } from "../api/problem.ts";
import { loadSession, signIn } from "./session-store.ts";
import styles from "./sign-in.module.css";

export function SignIn() {
  const { t } = useTranslation();
  const { problem, working } = useOneTimeCode();
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <h1>{t("session.title")}</h1>
        {working ? <p>{t("session.working")}</p> : <SignInForm first={problem} />}
      </div>
    </main>
  );
}

export function SignInForm({ first }: { first?: Problem | undefined }) {
  const { t } = useTranslation();
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<Problem | undefined>();
  const shown = problem ?? first;
  const submit = () =>
    signIn({ token: token.trim() }).catch((error: unknown) => setProblem(problemOf(error)));
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {shown !== undefined && (
        <Notice tone="bad" title={shown.detail} live>
          {shown.next}
        </Notice>
      )}
      <Providers />
      <TextField
        label={t("session.token")}
        hint={t("session.tokenHint")}
        type="password"
        autoComplete="off"
        value={token}
        onChange={setToken}
      />
      <Button type="submit" tone="primary" disabled={token.trim() === ""}>
        {t("session.signIn")}
      </Button>
    </form>
  );
}

/** Where the tenant's people sign in, if it has a provider. */
function Providers() {
  const { t } = useTranslation();
  const [provider, setProvider] = useState<{ tenantId: string; issuer: string }>();
  useEffect(() => {
    const tenant = new URLSearchParams(location.search).get("tenant");
    void fetch(`/sign-in${tenant === null ? "" : `?tenant=${encodeURIComponent(tenant)}`}`, {
      headers: { accept: "application/json" },
    })
      .then(async (response) => response.ok && setProvider(await response.json()))
      .catch(() => undefined);
  }, []);
  if (provider === undefined) return null;
  const back = encodeURIComponent(
    location.pathname === "/sign-in" ? "/" : location.pathname + location.search,
  );
  return (
    <a
      className={buttonClass}
      data-tone="primary"
      href={`/sign-in/start?tenant=${encodeURIComponent(provider.tenantId)}&return=${back}`}
    >
      {t("session.withProvider", { host: new URL(provider.issuer).host })}
    </a>
  );
}

/** The code stands behind the `#`, where no server and no log sees it; it is taken out of the address at once. */
function useOneTimeCode() {
  const [problem, setProblem] = useState<Problem>();
  const [working, setWorking] = useState(() => location.hash.startsWith("#code="));
  const used = useRef(false);
  useEffect(() => {
    if (used.current || !location.hash.startsWith("#code=")) return;
    used.current = true;
    const code = decodeURIComponent(location.hash.slice("#code=".length));
    const to = location.pathname === "/sign-in" ? "/" : location.pathname;
    history.replaceState(null, "", to + location.search);
    signIn({ code })
      // Whoever opens an old link may still be signed in.
      .catch(async (error: unknown) => {
        setProblem(problemOf(error));
        await loadSession();
      })
      .finally(() => setWorking(false));
  }, []);
  return { problem, working };
}
