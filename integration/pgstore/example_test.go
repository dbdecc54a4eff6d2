package pgstore_test

import (
	"fmt"

	"github.com/memberpulse/hubspotplugin/integration/pgstore"
)

// A host reads its key from the environment. To rotate it, the host passes the
// new key first and the old one after it.
func ExampleNewSealer() {
	const env = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=" // openssl rand -base64 32
	key, err := pgstore.ParseKey(env)
	if err != nil {
		fmt.Println(err)
		return
	}
	sealer, err := pgstore.NewSealer(key)
	if err != nil {
		fmt.Println(err)
		return
	}
	sealed, err := sealer.Seal([]byte("a token"), []byte("its place"))
	if err != nil {
		fmt.Println(err)
		return
	}
	opened, err := sealer.Open(sealed, []byte("its place"))
	fmt.Println(string(opened), err)
	_, err = sealer.Open(sealed, []byte("another place"))
	fmt.Println(err)
	// Output:
	// a token <nil>
	// pgstore: sealed text was altered or belongs elsewhere
}
