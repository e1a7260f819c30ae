import { generatedBy } from "../generated-mark.ts";
import type { Smoke } from "./smoke-facts.ts";

/** Go's own testing package, in a folder of its own: the service is started as it is in production. */
export const goSmoke: Smoke = {
  // Go would not run again a test whose own files are the same.
  command: ["go", "test", "-count=1", "./test/smoke"],
  files: (facts, model) => [
    {
      path: "test/smoke/smoke_test.go",
      content: `// ${generatedBy(model)}

// Package smoke starts the service on a free port and asks whether it is ready: go test -count=1 ./test/smoke
package smoke

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

var (
	start  = []string{${facts.start.map(quoted).join(", ")}}
	needed = []string{${facts.variables.map(quoted).join(", ")}}
	fixed  = []string{${Object.entries(facts.environment)
    .map(([name, value]) => quoted(`${name}=${value}`))
    .join(", ")}}
)

const (
	readyPath = ${quoted(facts.path ?? "")}
	timeout   = ${facts.timeoutSeconds} * time.Second
)

func TestServiceStartsAndIsReady(t *testing.T) {
	for _, name := range needed {
		if _, set := os.LookupEnv(name); !set {
			t.Skipf("not set: %s", name)
		}
	}
	port := freePort(t)
	var output bytes.Buffer
	service := exec.Command(start[0], start[1:]...)
	service.Dir = "../.."
	service.Env = append(os.Environ(), fixed...)
	service.Env = append(service.Env, "HOST=127.0.0.1", fmt.Sprintf("%s=%d", ${quoted(facts.portVariable)}, port))
	service.Stdout, service.Stderr = &output, &output
	// In a group of its own, so that what it starts ends with it.
	service.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- service.Wait() }()
	problem, isOver := waitUntilReady(ended, port)
	_ = syscall.Kill(-service.Process.Pid, syscall.SIGKILL)
	if !isOver {
		<-ended
	}
	if problem != nil {
		t.Fatalf("%v\\n%s", problem, output.String())
	}
}

func waitUntilReady(ended <-chan error, port int) (problem error, isOver bool) {
	deadline := time.After(timeout)
	for {
		problem = ask(port)
		if problem == nil {
			return nil, false
		}
		select {
		case err := <-ended:
			return fmt.Errorf("it ended: %v", err), true
		case <-deadline:
			return fmt.Errorf("not ready after %s: %w", timeout, problem), false
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func ask(port int) error {
	address := fmt.Sprintf("127.0.0.1:%d", port)
	if readyPath == "" {
		connection, err := net.DialTimeout("tcp", address, 5*time.Second)
		if err != nil {
			return err
		}
		return connection.Close()
	}
	client := http.Client{
		Timeout:       5 * time.Second,
		Transport:     &http.Transport{Proxy: nil},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Get("http://" + address + readyPath)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("%s answered %s", readyPath, answer.Status)
	}
	return nil
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
`,
    },
  ],
};

/** JSON's string form is one of Go's too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
