package localpg

// Reachable tells whether an account of these ids may enter path.
func Reachable(path string, uid, gid int) error {
	return reachable(path, account{name: "test", uid: uid, gid: gid})
}

// ChooseAccount returns the name of the account that a process of euid uses.
func ChooseAccount(euid int, lookup func(string) (int, int, error)) (name string, switched bool, err error) {
	a, err := chooseAccount(euid, lookup)
	return a.name, a.switched, err
}

// Names for the tests of the pure parts.
var (
	LocalBinaries = localBinaries
	MajorOf       = majorOf
	Download      = download
)

// PID returns the process id of PostgreSQL, 0 if it does not run.
func (s *Server) PID() int { return s.pidFile().pid }

// Home returns the folder of the server.
func (s *Server) Home() string { return s.home.path }
