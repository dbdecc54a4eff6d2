package localpg

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// account is who the server runs as.
type account struct {
	name     string
	uid, gid int
	switched bool // differs from the account of this process
}

// lookupAccount finds an account of this machine by name.
func lookupAccount(name string) (uid, gid int, err error) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, 0, err
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

// chooseAccount keeps the account of this process, except for root, which
// PostgreSQL refuses: then "postgres" if the machine has it, else "nobody".
func chooseAccount(euid int, lookup func(string) (int, int, error)) (account, error) {
	if euid != 0 {
		return account{name: "uid " + strconv.Itoa(euid), uid: euid, gid: os.Getegid()}, nil
	}
	var errs []error
	for _, name := range []string{"postgres", "nobody"} {
		uid, gid, err := lookup(name)
		if err == nil && uid != 0 {
			return account{name: name, uid: uid, gid: gid, switched: true}, nil
		}
		errs = append(errs, err)
	}
	return account{}, fmt.Errorf("localpg: PostgreSQL does not run as root, and neither the account "+
		"postgres nor nobody exists: %w", errors.Join(errs...))
}

// attr puts a child process into a session of its own (no terminal, so neither
// Ctrl-C nor a hang-up reaches it) and under the account.
func (a account) attr() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if a.switched {
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attr
}

// mayEnter reports whether the account can pass through a folder.
func (a account) mayEnter(fi os.FileInfo) bool {
	st, ok := fi.Sys().(*syscall.Stat_t)
	if !ok || !fi.IsDir() {
		return false
	}
	switch {
	case int(st.Uid) == a.uid:
		return fi.Mode()&0o100 != 0
	case int(st.Gid) == a.gid:
		return fi.Mode()&0o010 != 0
	default:
		return fi.Mode()&0o001 != 0
	}
}
