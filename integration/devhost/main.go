// Command devhost is the reference host of the HubSpot plugin: it shows how a
// MemberPulse embeds it, and is the place to try it. Start it with -h to read
// what it does and how it is driven.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the associations' time zones, also where the system has none
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the process at once
	}()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit code, 0 after a stop
// that was asked for, 1 after a failure, 2 for a mistake on the command line.
func run(ctx context.Context, args []string, env func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parse(args, env, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "devhost:", err)
		return 2
	}
	if o.real {
		if err := confirm(stdin, stderr, o.portalID); err != nil {
			fmt.Fprintln(stderr, "devhost:", err)
			return 1
		}
	}
	if err := serve(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "devhost:", err)
		return 1
	}
	return 0
}
