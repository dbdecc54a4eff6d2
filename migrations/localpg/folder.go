package localpg

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	lockWait = 20 * time.Second // for the server of an owner that was just killed
	lockPoll = 50 * time.Millisecond
)

// folder is the home of one server: the cluster, its password, its log, and a
// lock that the kernel drops with the last process that has it open.
type folder struct {
	path      string
	temporary bool
	lock      *os.File
}

func (f folder) data() string       { return filepath.Join(f.path, "data") }
func (f folder) secretFile() string { return filepath.Join(f.path, "password") }
func (f folder) logFile() string    { return filepath.Join(f.path, "postgres.log") }

// openFolder creates or takes over the folder and locks it.
func openFolder(ctx context.Context, dir string, acct account) (folder, error) {
	f := folder{path: dir}
	var err error
	if dir == "" {
		f.temporary = true
		f.path, err = makeTemporary(acct)
	} else {
		f.path, err = makeKept(dir, acct)
	}
	if err != nil {
		return folder{}, err
	}
	if err := f.takeLock(ctx, acct); err != nil {
		f.abandon()
		return folder{}, err
	}
	return f, nil
}

// makeTemporary looks for a parent that the account can reach: the usual one
// may be private to the account of this process.
func makeTemporary(acct account) (string, error) {
	var errs []error
	for _, parent := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		if err := reachable(parent, acct); err != nil {
			errs = append(errs, err)
			continue
		}
		path, err := os.MkdirTemp(parent, "hubspot-postgres-")
		if err != nil {
			errs = append(errs, err)
			continue
		}
		return path, give(path, acct)
	}
	return "", fmt.Errorf("localpg: no place for a temporary server: %w", errors.Join(errs...))
}

func makeKept(dir string, acct account) (string, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("localpg: data folder: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", fmt.Errorf("localpg: data folder: %w", err)
	}
	if err := reachable(filepath.Dir(path), acct); err != nil {
		return "", fmt.Errorf("localpg: data folder: %w", err)
	}
	err = os.Mkdir(path, 0o700)
	if err == nil {
		return path, give(path, acct)
	}
	if !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("localpg: data folder: %w", err)
	}
	return path, adopt(path, acct)
}

// adopt takes over an existing folder: ours, or empty.
func adopt(path string, acct account) error {
	fi, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("localpg: data folder: %w", err)
	}
	if !fi.IsDir() {
		return fmt.Errorf("localpg: data folder: %s is not a folder", path)
	}
	owner := int(fi.Sys().(*syscall.Stat_t).Uid)
	entries, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("localpg: data folder: %w", err)
	}
	if len(entries) == 0 {
		if owner != acct.uid && !acct.switched {
			return ownerError(path, owner, acct)
		}
		return give(path, acct)
	}
	if owner != acct.uid {
		return ownerError(path, owner, acct)
	}
	for _, name := range []string{"data", "password", "lock"} {
		if _, err := os.Lstat(filepath.Join(path, name)); err == nil {
			return nil
		}
	}
	return fmt.Errorf("localpg: data folder: %s holds other files; name an empty or a new folder", path)
}

func ownerError(path string, owner int, acct account) error {
	return fmt.Errorf("localpg: data folder: %s belongs to uid %d, but the server runs as %s (uid %d); "+
		"use another folder, or start as the account that created it", path, owner, acct.name, acct.uid)
}

// reachable reports the first parent that the account may not pass.
func reachable(path string, acct account) error {
	for p := path; ; p = filepath.Dir(p) {
		fi, err := os.Stat(p)
		if err != nil {
			return err
		}
		if !acct.mayEnter(fi) {
			return fmt.Errorf("the account %s, which PostgreSQL runs as, may not enter %s", acct.name, p)
		}
		if p == filepath.Dir(p) {
			return nil
		}
	}
}

// give makes a path the account's own and nobody else's.
func give(path string, acct account) error {
	if acct.switched {
		if err := os.Chown(path, acct.uid, acct.gid); err != nil {
			return fmt.Errorf("localpg: give %s to %s: %w", path, acct.name, err)
		}
	}
	return os.Chmod(path, fs.FileMode(0o700))
}

func (f *folder) takeLock(ctx context.Context, acct account) error {
	name := filepath.Join(f.path, "lock")
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return fmt.Errorf("localpg: data folder: %w", err)
	}
	if acct.switched {
		if err := file.Chown(acct.uid, acct.gid); err != nil {
			return errors.Join(fmt.Errorf("localpg: data folder: %w", err), file.Close())
		}
	}
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	tick := time.NewTicker(lockPoll)
	defer tick.Stop()
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			f.lock = file
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return errors.Join(fmt.Errorf("localpg: lock %s: %w", name, err), file.Close())
		}
		select {
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("localpg: another server already runs on %s", f.path), file.Close())
		case <-tick.C:
		}
	}
}

// unlock drops this process's share of the lock; the watchdog keeps its own.
func (f *folder) unlock() {
	if f.lock != nil {
		_ = f.lock.Close()
		f.lock = nil
	}
}

// abandon undoes openFolder after a failed start. A kept folder stays.
func (f *folder) abandon() {
	f.unlock()
	if f.temporary {
		_ = os.RemoveAll(f.path)
	}
}

// major is the PostgreSQL version that made the cluster ("15"), or "".
func (f folder) major() string {
	b, err := os.ReadFile(filepath.Join(f.data(), "PG_VERSION"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// secret returns the password of the superuser; the first call invents it.
func (f folder) secret(acct account) (string, error) {
	b, err := os.ReadFile(f.secretFile())
	if err == nil && len(b) > 0 {
		return string(b), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("localpg: password file: %w", err)
	}
	if f.major() != "" {
		return "", fmt.Errorf("localpg: the password file %s is gone", f.secretFile())
	}
	raw := make([]byte, 18)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("localpg: password: %w", err)
	}
	password := hex.EncodeToString(raw)
	if err := os.WriteFile(f.secretFile(), []byte(password), 0o600); err != nil {
		return "", fmt.Errorf("localpg: password file: %w", err)
	}
	if acct.switched {
		if err := os.Chown(f.secretFile(), acct.uid, acct.gid); err != nil {
			return "", fmt.Errorf("localpg: password file: %w", err)
		}
	}
	return password, nil
}
