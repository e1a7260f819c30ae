/** Shows the pages to whoever is signed in. A session that ends under somebody's hands leaves what they typed in place. */
import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../ui/dialog.tsx";
import { loadSession, type Session, sessionState, subscribeSession } from "./session-store.ts";
import { SignIn, SignInForm } from "./sign-in.tsx";

const Current = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(Current);
  if (session === undefined) throw new Error("Nobody is signed in.");
  return session;
}

export function SessionGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { phase, session } = useSyncExternalStore(subscribeSession, sessionState);
  useEffect(() => {
    // One link, one sign-in: the code is used before anybody is asked who they are.
    if (!location.hash.startsWith("#code=")) void loadSession().catch(() => undefined);
  }, []);
  if (location.hash.startsWith("#code=") && phase !== "signed-in") return <SignIn />;
  if (phase === "asking") return <p className="hidden-visually">{t("session.asking")}</p>;
  if (session === undefined || phase === "nobody") return <SignIn />;
  return (
    <Current value={session}>
      {children}
      <Dialog title={t("session.ended")} open={phase === "ended"} onClose={() => undefined}>
        <p>{t("session.endedText")}</p>
        <SignInForm />
      </Dialog>
    </Current>
  );
}
