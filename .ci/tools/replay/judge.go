package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"syscall"
)

// judge is the validating proxy, as a process.
type judge struct {
	program, specs, report string

	cmd   *exec.Cmd
	url   string
	lines *bufio.Scanner // of its standard error
	last  string
}

// open starts the judge in front of upstream.
func (j *judge) open(upstream string) error {
	j.cmd = exec.Command(j.program, "serve", "-specs", j.specs, "-upstream", upstream, "-listen", "127.0.0.1:0", "-report", j.report, "-fail")
	said, err := j.cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := j.cmd.Start(); err != nil {
		return err
	}
	where := regexp.MustCompile(`; (http://127\.0\.0\.1:\d+) -> `)
	j.lines = bufio.NewScanner(said)
	for j.lines.Scan() {
		j.last = j.lines.Text()
		if m := where.FindStringSubmatch(j.last); m != nil {
			j.url = m[1]
			return nil
		}
	}
	j.end()
	return fmt.Errorf("the judge does not listen: %s", j.last)
}

// verdict stops the judge and asks what it found.
func (j *judge) verdict(out io.Writer) error {
	if err := j.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	for j.lines.Scan() {
		j.last = j.lines.Text()
	}
	err := j.cmd.Wait()
	fmt.Fprintln(out, j.last)
	return err
}

// end makes sure that the judge is gone.
func (j *judge) end() {
	if err := j.cmd.Process.Kill(); !errors.Is(err, os.ErrProcessDone) {
		_ = j.cmd.Wait() // it was killed: the error says so
	}
}
