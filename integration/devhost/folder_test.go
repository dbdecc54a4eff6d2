package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestSealKeyIsKept(t *testing.T) {
	t.Parallel()
	f := folder{path: t.TempDir()}
	keys := make([][]byte, 8)
	var wg sync.WaitGroup
	for i := range keys { // hosts that start at once agree on one key
		wg.Go(func() {
			var err error
			if keys[i], err = f.sealKey(""); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, k := range keys {
		if len(k) != 32 || !slices.Equal(k, keys[0]) {
			t.Fatalf("keys differ")
		}
	}
	name := filepath.Join(f.path, "seal.key")
	fi, err := os.Stat(name)
	if err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v, %v; want 0600", fi.Mode(), err)
	}
	if left, _ := filepath.Glob(name + ".*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	given, err := f.sealKey("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
	if err != nil || string(given) != "01234567890123456789012345678901" {
		t.Errorf("a given key: %v", err)
	}
	if _, err := f.sealKey("short"); err == nil || !strings.Contains(err.Error(), "HUBSPOT_SEAL_KEY") {
		t.Errorf("a malformed key: %v", err)
	}
	if err := os.WriteFile(name, []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.sealKey(""); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("a malformed file: %v", err)
	}
}

func TestFolderHasOneOwner(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	one, two := folder{path: path}, folder{path: path}
	if err := one.take("http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	if err := two.take("http://127.0.0.1:2"); !errors.Is(err, errRunning) || !strings.Contains(err.Error(), "http://127.0.0.1:1") {
		t.Errorf("a second owner: %v; want where the first one is", err)
	}
	one.release()
	if err := two.take("http://127.0.0.1:2"); err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
}

func TestOthersMayEnter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := filepath.Join(dir, "open")
	if err := os.Mkdir(open, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if othersMayEnter(open) {
		t.Error("a folder in a private one is open")
	}
	if !othersMayEnter("/usr/lib") || !othersMayEnter("/usr/lib/not/there") {
		t.Error("a system folder is closed")
	}
}
