package localpg_test

import (
	"bufio"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/memberpulse/hubspotplugin/migrations/localpg"
)

const (
	ownerFolder   = "LOCALPG_TEST_OWNER_FOLDER"   // "temporary" or a path
	ownerBinaries = "LOCALPG_TEST_OWNER_BINARIES" // empty, or where initdb and postgres are
)

// TestOwnerProcess is not a test but the owner in the tests below: run as a
// process of its own it starts a server, says where, and waits to be killed.
func TestOwnerProcess(t *testing.T) {
	t.Parallel()
	folder, ok := os.LookupEnv(ownerFolder)
	if !ok {
		return
	}
	if folder == "temporary" {
		folder = ""
	}
	s, err := localpg.Start(t.Context(), localpg.Options{DataDir: folder, Durable: folder != "", BinaryDir: os.Getenv(ownerBinaries)})
	if err != nil {
		fmt.Println("owner:", err)
		os.Exit(1)
	}
	fmt.Println("owner:", s.Port(), s.PID(), s.Home(), s.DSN("postgres"))
	select {}
}

type owner struct {
	cmd       *osexec.Cmd
	port, pid int
	home, dsn string
}

func startOwner(t *testing.T, folder string) owner {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o := owner{cmd: osexec.Command(exe, "-test.run=^TestOwnerProcess$")}
	o.cmd.Env = append(os.Environ(), ownerFolder+"="+folder)
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.cmd.Process.Kill(); _ = o.cmd.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "owner: "); ok {
			if _, err := fmt.Sscan(rest, &o.port, &o.pid, &o.home, &o.dsn); err != nil {
				t.Fatalf("owner said %q", rest)
			}
			return o
		}
	}
	t.Fatal("the owner said nothing")
	return o
}

func (o owner) kill(t *testing.T) {
	t.Helper()
	if err := o.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = o.cmd.Wait()
}

func TestServerEndsWithItsOwner(t *testing.T) {
	t.Parallel()
	o := startOwner(t, "temporary")
	if !listens(o.port) {
		t.Fatal("the server of the owner does not listen")
	}
	o.kill(t)
	eventually(t, "the server has ended", func() bool { return !listens(o.port) })
	eventually(t, "the temporary folder is gone", func() bool {
		_, err := os.Stat(o.home)
		return os.IsNotExist(err)
	})
}

// An owner that dies early, while initdb works, leaves nothing behind either.
func TestInitialisationEndsWithItsOwner(t *testing.T) {
	t.Parallel()
	dir := keptFolder(t)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	// An initdb that says where it works, in a place that its account can
	// write to, and then never ends.
	const slow = "#!/bin/sh\necho $$ > started\nexec sleep 600\n"
	for _, name := range []string{"initdb", "postgres"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(slow), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tmp := filepath.Dir(keptFolder(t))
	if err := os.Chmod(tmp, 0o777|os.ModeSticky); err != nil { // like /tmp
		t.Fatal(err)
	}
	cmd := osexec.Command(exe, "-test.run=^TestOwnerProcess$")
	cmd.Env = append(os.Environ(), ownerFolder+"=temporary", ownerBinaries+"="+dir, "TMPDIR="+tmp)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	eventually(t, "initdb runs", func() bool {
		found, _ := filepath.Glob(filepath.Join(tmp, "hubspot-postgres-*", "started"))
		if len(found) != 1 {
			return false
		}
		text, err := os.ReadFile(found[0])
		if err != nil {
			return false
		}
		n, _ := fmt.Sscan(string(text), &pid)
		return n == 1
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	eventually(t, "initdb has ended", func() bool { return syscall.Kill(pid, 0) != nil })
	eventually(t, "the temporary folder is gone", func() bool {
		left, _ := filepath.Glob(filepath.Join(tmp, "hubspot-postgres-*"))
		return len(left) == 0
	})
}

func TestKeptFolderSurvivesTheOwner(t *testing.T) {
	t.Parallel()
	folder := keptFolder(t)
	o := startOwner(t, folder)
	exec(t, open(t, o.dsn), "create table fruit (name text)", "insert into fruit values ('sorb')")
	o.kill(t)

	// At once: the old server may still be on its way out.
	s := start(t, localpg.Options{DataDir: folder, Durable: true})
	if got := show(t, open(t, s.DSN("postgres")), "select name from fruit"); got != "sorb" {
		t.Errorf("after kill -9 of the owner: %q", got)
	}
}

func TestManyServersAtOnce(t *testing.T) {
	t.Parallel()
	type started struct {
		s   *localpg.Server
		err error
	}
	results := make(chan started)
	for range 3 {
		go func() {
			s, err := localpg.Start(t.Context(), localpg.Options{})
			results <- started{s, err}
		}()
	}
	ports := map[int]bool{}
	deadline := time.After(2 * time.Minute)
	for range 3 {
		select {
		case r := <-results:
			if r.err != nil {
				t.Error(r.err)
				continue
			}
			defer r.s.Stop()
			ports[r.s.Port()] = true
		case <-deadline:
			t.Fatal("a start hangs")
		}
	}
	if len(ports) != 3 {
		t.Errorf("want 3 servers on 3 ports, got %d", len(ports))
	}
}
