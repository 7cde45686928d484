"""What a claim of speed rests on: each module without a leading underscore is one benchmark, run by `make bench`."""
