package pgstore

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// KeySize is the length of a sealing key in bytes.
const KeySize = 32

// Errors of a Sealer, for errors.Is.
var (
	// ErrUnknownKey says that the text was sealed with a key that this Sealer
	// does not have: a lost key, or a rotation without the previous key.
	ErrUnknownKey = errors.New("pgstore: sealed with a key that is not configured")
	// ErrTampered says that the text was altered, or moved from another place.
	ErrTampered = errors.New("pgstore: sealed text was altered or belongs elsewhere")
	// ErrNotSealed says that the text was not made by this package.
	ErrNotSealed = errors.New("pgstore: not a sealed text")
)

// A sealed text is
//
//	version (1) | key id (8) | nonce (12) | AES-256-GCM ciphertext and tag
//
// Version and key id are authenticated too.
const (
	sealVersion = 1
	keyIDSize   = 8
	nonceSize   = 12
	headSize    = 1 + keyIDSize
)

type keyID [keyIDSize]byte

// Sealer is an integration.Sealer with keys that can be rotated: it seals with
// the current key and opens with any that it knows. It is safe for concurrent
// use and its errors never hold plaintext or key.
type Sealer struct {
	current keyID
	keys    map[keyID]cipher.AEAD
}

// NewSealer returns a Sealer. Each key has 32 bytes and should come from a
// random generator; see ParseKey. To rotate, pass the new key first and the old
// one after it: each Save then seals the secrets of its tenant anew, and the
// old key can go when every tenant was saved.
//
// Nonces are random, so one key is good for four billion secrets.
func NewSealer(current []byte, previous ...[]byte) (*Sealer, error) {
	s := &Sealer{keys: map[keyID]cipher.AEAD{}}
	for i, key := range append([][]byte{current}, previous...) {
		if len(key) != KeySize {
			return nil, fmt.Errorf("pgstore: sealing key %d has %d bytes, want %d", i+1, len(key), KeySize)
		}
		if strings.Trim(string(key), string(key[:1])) == "" {
			return nil, fmt.Errorf("pgstore: sealing key %d is one byte repeated, not a random key", i+1)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("pgstore: sealing key %d: %w", i+1, err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, fmt.Errorf("pgstore: sealing key %d: %w", i+1, err)
		}
		id := idOf(key)
		s.keys[id] = aead
		if i == 0 {
			s.current = id
		}
	}
	return s, nil
}

// ParseKey reads a key from the text of an environment variable: base64,
// standard or URL alphabet, with or without padding. A new key is the output of
//
//	openssl rand -base64 32
func ParseKey(text string) ([]byte, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	if text == "" {
		return nil, errors.New("pgstore: the sealing key is empty; make one with: openssl rand -base64 32")
	}
	enc := base64.RawStdEncoding
	if strings.ContainsAny(text, "-_") {
		enc = base64.RawURLEncoding
	}
	key, err := enc.DecodeString(text)
	if err != nil { // the error of the decoder would quote a piece of the key
		return nil, errors.New("pgstore: the sealing key is not base64; make one with: openssl rand -base64 32")
	}
	if len(key) != KeySize {
		return nil, fmt.Errorf("pgstore: the sealing key has %d bytes, want %d; make one with: openssl rand -base64 32",
			len(key), KeySize)
	}
	return key, nil
}

// idOf names a key without telling anything about it.
func idOf(key []byte) keyID {
	sum := sha256.Sum256(append([]byte("memberpulse sealing key id\x00"), key...))
	return keyID(sum[:keyIDSize])
}

// Seal encrypts plaintext for the place that additional names. Two seals of one
// plaintext differ.
func (s *Sealer) Seal(plaintext, additional []byte) ([]byte, error) {
	out := make([]byte, headSize+nonceSize, headSize+nonceSize+len(plaintext)+16)
	out[0] = sealVersion
	copy(out[1:], s.current[:])
	nonce := out[headSize : headSize+nonceSize]
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("pgstore: seal: %w", err)
	}
	return s.keys[s.current].Seal(out, nonce, plaintext, bind(out[:headSize], additional)), nil
}

// Open returns the plaintext, or ErrUnknownKey, ErrTampered or ErrNotSealed.
func (s *Sealer) Open(sealed, additional []byte) ([]byte, error) {
	id, err := sealedBy(sealed)
	if err != nil {
		return nil, err
	}
	aead, ok := s.keys[id]
	if !ok {
		return nil, fmt.Errorf("%w (key id %s)", ErrUnknownKey, hex.EncodeToString(id[:]))
	}
	head, rest := sealed[:headSize], sealed[headSize:]
	plaintext, err := aead.Open(nil, rest[:nonceSize], rest[nonceSize:], bind(head, additional))
	if err != nil {
		return nil, ErrTampered
	}
	return plaintext, nil
}

// Outdated reports whether sealed should be sealed again: it was made with
// another key than the current one.
func (s *Sealer) Outdated(sealed []byte) bool {
	id, err := sealedBy(sealed)
	return err != nil || id != s.current
}

func sealedBy(sealed []byte) (keyID, error) {
	if len(sealed) < headSize+nonceSize || sealed[0] != sealVersion {
		return keyID{}, ErrNotSealed
	}
	return keyID(sealed[1:headSize]), nil
}

// bind joins head, whose length is fixed, and additional.
func bind(head, additional []byte) []byte {
	return append(append(make([]byte, 0, len(head)+len(additional)), head...), additional...)
}
