package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/memberpulse/hubspotplugin/integration/pgstore"
)

// folder is where the host keeps its database and its sealing key.
type folder struct {
	path string
	lock *os.File
}

// openFolder finds or makes the folder in the user's cache. PostgreSQL refuses
// to run as root, and the account that it then runs as cannot enter root's home:
// for root the folder is in the system's cache unless the user's is open.
func openFolder() (folder, error) {
	base, err := os.UserCacheDir()
	if err != nil || os.Geteuid() == 0 && !othersMayEnter(base) {
		if os.Geteuid() != 0 {
			return folder{}, fmt.Errorf("no folder to keep data in: %w; set XDG_CACHE_HOME, or use -database-url", err)
		}
		base = "/var/cache"
	}
	f := folder{path: filepath.Join(base, "memberpulse-devhost")}
	if err := os.MkdirAll(f.path, 0o755); err != nil {
		return folder{}, fmt.Errorf("no folder to keep data in: %w; set XDG_CACHE_HOME, or use -database-url", err)
	}
	return f, nil
}

func othersMayEnter(path string) bool {
	for p := filepath.Clean(path); ; p = filepath.Dir(p) {
		fi, err := os.Stat(p)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false
		}
		if err == nil && fi.Mode().Perm()&0o001 == 0 {
			return false
		}
		if p == filepath.Dir(p) {
			return true
		}
	}
}

// errRunning says that another host works on the folder.
var errRunning = errors.New("another demo host is running")

// take makes the folder this process's own until it ends, and notes url there.
func (f *folder) take(url string) error {
	name := filepath.Join(f.path, "host.lock")
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		note, _ := os.ReadFile(name) // only to say more
		_ = file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("lock %s: %w", name, err)
		}
		return fmt.Errorf("%w on this data: %s. Stop it first, or give this one another database with -database-url",
			errRunning, strings.TrimSpace(string(note)))
	}
	if err := file.Truncate(0); err == nil {
		_, _ = fmt.Fprintf(file, "process %d, %s\n", os.Getpid(), url) // a note for people
	}
	f.lock = file
	return nil
}

func (f *folder) release() {
	if f.lock != nil {
		_ = f.lock.Close() // drops the lock
		f.lock = nil
	}
}

// sealKey returns the key of the environment, else the one that is kept in the
// folder, else a new one that is kept there from now on.
func (f *folder) sealKey(given string) ([]byte, error) {
	if given != "" {
		key, err := pgstore.ParseKey(given)
		if err != nil {
			return nil, fmt.Errorf("HUBSPOT_SEAL_KEY: %w", err)
		}
		return key, nil
	}
	name := filepath.Join(f.path, "seal.key")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return f.newSealKey(name)
	}
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	key, err := pgstore.ParseKey(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w; remove the file to start with a new key", name, err)
	}
	return key, nil
}

// newSealKey appears whole or not at all: a half-written key would lock every
// secret away.
func (f *folder) newSealKey(name string) ([]byte, error) {
	key := make([]byte, pgstore.KeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	tmp, err := os.CreateTemp(f.path, "seal.key.*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already if all went well
	_, err = tmp.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	// Link, not rename: if two hosts start at once, the first key stays.
	if err := os.Link(tmp.Name(), name); errors.Is(err, fs.ErrExist) {
		return f.sealKey("")
	} else if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	return key, nil
}
