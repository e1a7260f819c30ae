/** Which settings are meant: configuration or secrets, and for what. */

export type Kind = "config" | "secrets";

export interface Place {
  environment: string;
  module: string | undefined;
}
