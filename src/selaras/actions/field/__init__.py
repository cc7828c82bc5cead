"""The field: phones are handed their way in and their forms, what they send is kept, then understood."""
