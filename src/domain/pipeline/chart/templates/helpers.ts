/** _helpers.tpl: names and labels. `chart` is the chart's own name, as names of templates are global in Helm. */
export function helpers(chart: string): string {
  return `{{/* The release's name; with the chart's behind it where it does not say it already. */}}
{{- define "${chart}.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains .Chart.Name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* What never changes: a Deployment's selector cannot. */}}
{{- define "${chart}.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "${chart}.labels" -}}
{{ include "${chart}.selectorLabels" . }}
app.kubernetes.io/version: {{ include "${chart}.tag" . | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/part-of: {{ .Values.partOf }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimAll "-_." }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* A build's "+" is no character of a tag or a label. */}}
{{- define "${chart}.tag" -}}
{{- .Values.image.tag | default .Chart.AppVersion | replace "+" "_" }}
{{- end }}

{{/* By digest where one is given: a tag can be pushed over. */}}
{{- define "${chart}.image" -}}
{{- $repository := .Values.image.repository }}
{{- with .Values.image.registry }}
{{- $repository = printf "%s/%s" (trimSuffix "/" .) $repository }}
{{- end }}
{{- if .Values.image.digest }}
{{- printf "%s@%s" $repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" $repository (include "${chart}.tag" .) }}
{{- end }}
{{- end }}

{{- define "${chart}.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "${chart}.fullname" .) }}
{{- end }}

{{- define "${chart}.secretName" -}}
{{- .Values.secrets.existingSecret | default (printf "%s-secrets" (include "${chart}.fullname" .)) }}
{{- end }}
`;
}
